"""What people said about the figures, and the figures as they were made ready."""

from .judgements import Grade, Judgement, Outlook
from .ready import ReadyPart, ReadySet

__all__ = ["Grade", "Judgement", "Outlook", "ReadyPart", "ReadySet"]
