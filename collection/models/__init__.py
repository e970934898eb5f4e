"""What surrounds the monthly counts while they are collected; the counts are ``commitments``'."""

from .disputes import Answer, Dispute
from .drafts import DraftAnswer, DraftCell
from .receipts import Receipt
from .reminders import Reminder
from .uploads import Upload

__all__ = ["Answer", "Dispute", "DraftAnswer", "DraftCell", "Receipt", "Reminder", "Upload"]
