"""What answers a request for a page. Views compute nothing: page data comes from ``pages``."""

from .overview import overview

__all__ = ["overview"]
