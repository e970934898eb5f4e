"""Who signs in, and the journal of what they did."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in. Names stay whole: Vietnamese names are not split into two fields."""

    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=200, blank=True)
    phone = models.CharField(
        _("telephone"),
        max_length=30,
        blank=True,
        help_text=_("Shown with the e-mail address to members who ask a standing officer."),
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        blank=True,
        help_text=_("The language pages open in after signing in."),
    )
    single_keys = models.BooleanField(
        _("single keys"),
        default=True,
        help_text=_("Single letters work as shortcuts, such as P for the hall."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class JournalEntry(models.Model):
    """One thing somebody did: who, when, what, on what, before, after, why. Append-only.

    ``actor`` is empty for the command line; ``actor_name`` keeps the name as it was then.
    """

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="journal", verbose_name=_("actor")
    )
    actor_name = models.CharField(_("actor's name"), max_length=150)
    action = models.CharField(_("action"), max_length=60, db_index=True)
    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.CharField(_("subject"), max_length=60)
    subject = models.CharField(_("subject in words"), max_length=250)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="journal_by_subject"),
        ]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name}: {self.action} {self.subject}"
