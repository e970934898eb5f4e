"""Native charts: axes kept, one typeface, no legend where a title can say it."""

from collections.abc import Sequence

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from reports.engine.rules import Status

from . import style


def bars(
    *,
    title: str,
    names: Reference,
    percents: Reference,
    statuses: Sequence[Status],
    lowest: float,
    highest: float,
    number_format: str,
    width: float,
    height: float,
) -> BarChart:
    """Percent of the plan per unit as bars from the plan line at 100 %, in status colours.

    Bars of a scale that does not begin at zero must begin at what they are compared with: the
    category axis crosses at 100 %, and is the plan line.
    """
    chart = BarChart()
    many = len(statuses) > 25
    chart.type = "col" if many else "bar"
    chart.add_data(percents, titles_from_data=False)
    chart.set_categories(names)
    series = chart.series[0]
    series.invertIfNegative = False
    for index, status in enumerate(statuses):
        point = DataPoint(idx=index, invertIfNegative=False)
        point.graphicalProperties = GraphicalProperties(
            solidFill=style.STATUS_COLOURS[status][0], ln=LineProperties(noFill=True)
        )
        series.dPt.append(point)
    if not many:
        series.dLbls = _labels(number_format)
    chart.gapWidth = 45
    chart.legend = None
    _dress(chart, title, width, height)
    names_axis, values_axis = chart.x_axis, chart.y_axis
    names_axis.scaling.orientation = "minMax" if many else "maxMin"
    names_axis.tickLblPos = "low"
    plan_line = LineProperties(solidFill=style.INK, w=22_000)
    names_axis.graphicalProperties = GraphicalProperties(ln=plan_line)
    names_axis.txPr = _text(8 if many else 9, rotation=-5_400_000 if many else None)
    values_axis.scaling.min, values_axis.scaling.max = lowest, highest
    values_axis.number_format = "0%"
    values_axis.txPr = _text(9, colour=style.TERTIARY)
    values_axis.majorGridlines.spPr = GraphicalProperties(ln=_hairline())
    values_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    # The axis of names crosses the axis of values at the plan.
    names_axis.crosses = None
    names_axis.crossesAt = 1.0
    return chart


def lines(
    *,
    title: str,
    months: Reference,
    series: Sequence[tuple[Reference, str, bool]],
    lowest: float | None,
    number_format: str,
    width: float,
    height: float,
) -> LineChart:
    """Series over months: solid what happened, dashed what was planned."""
    chart = LineChart()
    for reference, colour, dashed in series:
        chart.add_data(reference, titles_from_data=True)
        line = chart.series[-1]
        line.smooth = False
        line.marker.symbol = "none"
        line.graphicalProperties = GraphicalProperties(
            ln=LineProperties(
                solidFill=colour,
                w=19_000 if dashed else 31_000,
                prstDash="dash" if dashed else None,
            )
        )
    chart.set_categories(months)
    _dress(chart, title, width, height)
    chart.legend.position = "b"
    chart.legend.txPr = _text(9)
    chart.x_axis.number_format = "mm/yyyy"
    chart.x_axis.tickLblSkip = 3
    chart.x_axis.tickMarkSkip = 3
    chart.x_axis.txPr = _text(9, colour=style.TERTIARY)
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.scaling.min = lowest
    chart.y_axis.number_format = number_format
    chart.y_axis.txPr = _text(9, colour=style.TERTIARY)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=_hairline())
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    return chart


def _dress(chart: BarChart | LineChart, title: str, width: float, height: float) -> None:
    chart.width, chart.height = width, height
    chart.title = _title(title)
    chart.style = None
    # Without this, axes that are not said to be there vanish.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.graphical_properties = GraphicalProperties(
        solidFill=style.WHITE, ln=LineProperties(noFill=True)
    )
    chart.roundedCorners = False


def _labels(number_format: str) -> DataLabelList:
    labels = DataLabelList(numFmt=number_format)
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.position = "outEnd"
    labels.txPr = _text(9)
    return labels


def _hairline() -> LineProperties:
    return LineProperties(solidFill=style.LINE, w=6_350)


def _characters(size: float, colour: str, bold: bool) -> CharacterProperties:
    return CharacterProperties(
        sz=int(size * 100),
        b=bold,
        solidFill=colour,
        latin=Font(typeface=style.TYPEFACE),
        cs=Font(typeface=style.TYPEFACE),
    )


def _text(
    size: float, *, colour: str = style.INK, bold: bool = False, rotation: int | None = None
) -> RichText:
    properties = _characters(size, colour, bold)
    return RichText(
        bodyPr=RichTextProperties(rot=rotation) if rotation else RichTextProperties(),
        p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)],
    )


def _title(text: str) -> Title:
    properties = _characters(10.5, style.NAVY, True)
    title = Title(overlay=False)
    title.tx = _rich(text, properties)
    title.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.012, y=0.015))
    return title


def _rich(text: str, properties: CharacterProperties):
    return Text(
        rich=RichText(
            bodyPr=RichTextProperties(),
            p=[
                Paragraph(
                    pPr=ParagraphProperties(algn="l", defRPr=properties),
                    r=[RegularTextRun(rPr=properties, t=text)],
                )
            ],
        )
    )
