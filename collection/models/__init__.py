"""What surrounds the monthly counts while they are collected; the counts are ``commitments``'."""

from .disputes import Answer, Dispute
from .drafts import DraftCell
from .receipts import Receipt
from .reminders import Reminder
from .uploads import Upload

__all__ = ["Answer", "Dispute", "DraftCell", "Receipt", "Reminder", "Upload"]
