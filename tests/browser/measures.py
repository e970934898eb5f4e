"""What is measured on a page as it is drawn: widths, words cut off, findings, focus."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

_CUT_OFF = """
[...document.querySelectorAll("body *")].filter(element => {
  const style = getComputedStyle(element);
  if (element.closest("svg, .visually-hidden, .skip, [hidden]") || !element.checkVisibility()) {
    return false;
  }
  const hides = ["hidden", "clip"];
  const wide = hides.includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
  const high = hides.includes(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
  return style.clipPath === "none" && element.innerText?.trim() && (wide || high);
}).map(element => element.outerHTML.slice(0, 160))
"""

_CONTROLS = """
[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
.filter(element =>
  element.tabIndex >= 0 && !element.disabled && element.type !== "hidden" &&
  element.checkVisibility({ visibilityProperty: true }) &&
  (element.type !== "radio" || element ===
    (document.querySelector(`[name="${element.name}"]:checked`) ||
     document.querySelector(`[name="${element.name}"]`)))
).map((element, place) => { element.dataset.control = place; return String(place); })
"""

# Boxes are in the page's own coordinates, so that scrolling on the way does not count. Bars fixed
# to the window have no place among the rest. The last control's box is taken anew: what opens while
# it holds the focus may have closed behind it.
_FOCUSED = """
(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const within = (one, name, value) =>
    one && (getComputedStyle(one)[name] === value || within(one.parentElement, name, value));
  const fixed = !!within(element, "position", "fixed");
  const x = box.left + box.width / 2;
  const seen = [0.5, 0.15, 0.85].some(part => {
    const top = document.elementFromPoint(x, box.top + box.height * part);
    return top && (element.contains(top) || top.contains(element) || top.closest("label"));
  });
  const placed = one => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return [left + scrollX, top + scrollY, right + scrollX, bottom + scrollY];
  };
  const last = window.lastFocused && !within(window.lastFocused, "clipPath", "inset(50%)") &&
    placed(window.lastFocused) || null;
  window.lastFocused = fixed ? null : element;
  return {
    control: element.dataset.control ?? "", html: element.outerHTML.slice(0, 120), fixed, seen,
    inside: box.top >= 0 && box.bottom <= innerHeight || box.height > innerHeight,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    box: placed(element), last,
  };
})()
"""

_SMALL_TEXT = """
(selector => [...document.querySelectorAll(`${selector} text`)]
  .filter(text => text.checkVisibility())
  .map(text => [
    parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a, text.textContent
  ])
  .filter(([size]) => size < 12))
"""


# Luminance is what a grey picture keeps, so these ratios hold for it as well.
_CONTRASTS = """
(selector => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(one).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  return [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).map(element => {
    const pair = [channels(getComputedStyle(element).color), ground(element)].map(luminance);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  });
})
"""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Stop:
    """Where the focus stood after one press of Tab, and where the control before it stands."""

    control: str
    html: str
    fixed: bool
    seen: bool
    inside: bool
    ring: bool
    box: Box
    last: Box | None

    @property
    def goes_back(self) -> bool:
        """Whether a reader of the page would have come to this control before the last one."""
        return not self.fixed and self.last is not None and _precedes(self.box, self.last)


def _precedes(box: Box, other: Box) -> bool:
    """Beside each other is left before right; one above the other is upper before lower.

    What shares neither line nor column stands in different columns, which may follow either way.
    """
    left, top, right, bottom = box
    other_left, other_top, other_right, other_bottom = other
    on_a_line = min(bottom, other_bottom) - max(top, other_top)
    if on_a_line > 0.5 * min(bottom - top, other_bottom - other_top):
        return right <= other_left + 1
    return min(right, other_right) - max(left, other_left) > 1 and bottom <= other_top + 1


def sideways(page: Page) -> int:
    """By how many pixels the document is wider than the window."""
    return page.evaluate(_SIDEWAYS)


def cut_off(page: Page) -> list[str]:
    """Boxes that hide a part of their words."""
    return page.evaluate(_CUT_OFF)


def serious_findings(page: Page) -> list[tuple[str, str]]:
    """What axe calls serious or critical, each with the first place."""
    return [
        (finding["id"], finding["nodes"][0]["html"][:200])
        for finding in Axe().run(page).response["violations"]
        if finding["impact"] in ("serious", "critical")
    ]


def small_text(page: Page, selector: str) -> list[tuple[float, str]]:
    """Visible texts of drawings below 12 pixels on the screen."""
    return page.evaluate(f"({_SMALL_TEXT})({selector!r})")


def contrasts(page: Page, selector: str) -> list[float]:
    """How far the words of each visible element stand out from what is behind them."""
    return page.evaluate(f"({_CONTRASTS})({selector!r})")


def walk(page: Page) -> tuple[list[Stop], set[str]]:
    """Press Tab from the first control to the last: the stops, and the controls there are.

    Of the radios of one question, one is a control: arrows choose among them.
    """
    controls = page.evaluate(_CONTROLS)
    page.focus("[data-control='0']")
    stops = [Stop(**page.evaluate(_FOCUSED))]
    for _press in controls[1:]:
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            break
        stops.append(Stop(**focused))
    return stops, set(controls)
