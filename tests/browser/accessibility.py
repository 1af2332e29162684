"""What axe-core finds against WCAG 2.2 AA on a page, in words that say where."""

from functools import lru_cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  const say = (rule, node) => `${rule.id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}`;
  return found.violations.flatMap((rule) => rule.nodes.map((node) => say(rule, node)));
}"""


def find_violations(page: Page) -> list[str]:
    """Return each element of a page that breaks a rule, with the rule's name."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())  # through the debugger, because the page's own policy lets no other script in
    found: list[str] = page.evaluate(RUN, list(RULES))
    return found


@lru_cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
