"""The same dates in English: one province writes one way, whatever the language of the page."""

from steering.formats.vi.formats import *  # noqa: F403
