"""Words for the units of measure of the catalogue, which are data and not choices of a model."""

from django.utils.translation import pgettext_lazy

MEASURES = {
    "person": pgettext_lazy("unit of measure", "people"),
    "percent": "%",
    "VND": pgettext_lazy("unit of measure", "VND"),
    "unit": pgettext_lazy("unit of measure", "employers"),
    "visit": pgettext_lazy("unit of measure", "visits"),
    "file": pgettext_lazy("unit of measure", "files"),
    "card": pgettext_lazy("unit of measure", "cards"),
    "facility": pgettext_lazy("unit of measure", "facilities"),
    "village": pgettext_lazy("unit of measure", "villages"),
}
