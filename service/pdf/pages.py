"""Templates of what is set on paper."""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.pdf.bilingual import both


@lru_cache
def bilingual_pages() -> Environment:
    """Return the templates of documents in both languages; `_` gives a text in each."""
    pages = Environment(
        loader=PackageLoader("templates", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages.globals["_"] = both
    return pages
