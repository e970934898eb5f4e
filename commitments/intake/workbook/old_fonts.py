"""Texts typed for an old font (TCVN3, VNI): their letters mean others, so nothing can be read."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from commitments.rules import Refused
from districts.vietnamese import is_legacy_encoded

from .cells import Place, Sheet, shown


def refuse_old_fonts(sheet: Sheet, in_old_font: Collection[tuple[int, int]] = ()) -> None:
    """Refuse a sheet with such texts, naming the first; ``in_old_font`` are cells so formatted.

    A font may stay on after a conversion. Before it no letter lies beyond the first 256 of
    Unicode, after it some do.
    """
    texts = {place: value for place in in_old_font if isinstance(value := sheet.value(*place), str)}
    converted = any(ord(letter) > 255 for text in texts.values() for letter in text)
    suspect = set() if converted else {p for p, text in texts.items() if not text.isascii()}
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if isinstance(value, str) and ((row, column) in suspect or is_legacy_encoded(value)):
                message = _(
                    "“%(read)s” is written in an old font (TCVN3 or VNI). Convert the file to "
                    "Unicode and resend it."
                )
                place = Place.of(sheet, row, column)
                fault = place.fault("old_font", message % {"read": shown(value)}, value)
                raise Refused([fault])
