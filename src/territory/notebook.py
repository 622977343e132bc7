"""Rich displays for notebooks: what a study holds, and what a comparison says, as escaped HTML.

Colours come from the notebook, so that the tables read well in light and dark.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.text import MISSING, listing, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.comparing import Comparison
    from territory.measures.effects import Effect
    from territory.study import Study

#: Rows of a comparison that are shown; the table itself has all of them.
ROWS = 12

# Only lines and spacing: text and background stay the notebook's own.
_STYLE = """<style>
.territory-display {max-width: 62em; line-height: 1.45}
.territory-display table {border-collapse: collapse; margin: .4em 0 1em; font-size: .92em}
.territory-display caption {text-align: left; font-weight: 600; padding: .5em 0 .2em}
.territory-display th, .territory-display td {text-align: left !important; background: none;
  padding: .2em .9em .2em 0; border: 0; border-bottom: 1px solid rgba(128, 128, 128, .35);
  vertical-align: top; white-space: normal}
.territory-display .figure {text-align: right !important; font-variant-numeric: tabular-nums;
  white-space: nowrap}
.territory-display .aside {opacity: .75; font-size: .88em}
.territory-display summary {cursor: pointer; font-weight: 600}
</style>"""


def study_html(study: Study, lang: str = "en") -> str:
    """Return what a study holds, and the first calls to try, as HTML."""
    return _display(
        f"<p><strong>{escape(study.title(lang))}</strong> · {escape(_extent(study, lang))}</p>",
        _table(_head("outcomes", lang), _outcomes(study, lang), caption=_say("outcomes", lang)),
        _table(_head("words", lang), _words(study, lang), caption=_say("words", lang)),
        _table(_head("known", lang), _known(study, lang), caption=_say("known", lang), figures=2),
        _details(
            say("notebook.sources", lang, n=len(study.cards)),
            _table(_head("sources", lang), _sources(study, lang)),
        ),
        _calls(study, lang),
        _aside(study.file.word(("caveat",), lang, default="")),
    )


def comparison_html(comparison: Comparison, lang: str = "en") -> str:
    """Return what a comparison says and the head of its table, surest change first, as HTML."""
    study = comparison.study
    named = comparison.named(lang)
    direction = "rose" if comparison.whole["rate_ratio"].iloc[0] > 1 else "fell"
    # The bound is the end of the interval nearest to no change.
    surest = named.sort_values(["bound", "p_value"], ascending=[direction == "fell", True])
    shown = surest.head(ROWS)
    caption = say(f"notebook.ranked_{direction}", lang, shown=len(shown), n=len(named))
    credit = study.file.word(("credit",), lang, default="")
    return _display(
        f"<p>{escape(comparison.summary(lang))}</p>",
        _table(
            _head("comparison", lang),
            [_change_cells(row, lang) for _, row in shown.iterrows()],
            caption=caption if len(named) > 1 else "",
            figures=5,
            last_is_words=True,
        ),
        _aside(say("notebook.credit", lang, credit=credit) if credit else ""),
    )


def effect_html(effect: Effect, lang: str = "en") -> str:
    """Return an estimate, the deaths under each counterfactual, doubts and notes, as HTML."""
    rows = [
        [
            say(f"effects.counterfactual_{name}", lang).capitalize(),
            *(number(row[column], lang) for column in ("expected", "observed", "averted")),
            _interval(row["low"], row["high"], lang, digits=0),
        ]
        for name, row in effect.averted.iterrows()
    ]
    doubts = [effect.detectable(lang), *(note.render(lang) for note in effect.notes)]
    if not math.isnan(effect.placebo_p):
        share = percent(effect.placebo_p, lang)
        doubts.insert(0, say("effects.summary_placebo", lang, share=share))
    lines = "".join(f"<li>{escape(doubt)}</li>" for doubt in doubts if doubt)
    return _display(
        f"<p>{escape(effect.headline(lang))}</p>",
        _table(_head("averted", lang), rows, figures=4) if rows else "",
        f"<ul>{lines}</ul>" if lines else "",
    )


def _extent(study: Study, lang: str) -> str:
    """Name the units of every level below the whole, finest first, and the years."""
    file, levels = study.file, study.units["level"].value_counts()
    many = [
        f"{number(levels[level], lang)} {file.word(('level', level, 'many'), lang, default=level)}"
        for level in reversed(file.levels[1:])
    ]
    first, last = study.pairs["min"].min(), study.pairs["max"].max()
    return f"{listing(many, lang)} · {_span(first, last)}"


def _span(first: object, last: object) -> str:
    """Write two years close together, two months with room around the dash."""
    room = " " if "-" in str(first) else ""
    return f"{first}{room}–{room}{last}"


def _outcomes(study: Study, lang: str) -> list[list[str]]:
    file = study.file
    rows = []
    for outcome in study.pairs.index.get_level_values("outcome").unique():
        for who, span in study.pairs.loc[outcome].iterrows():
            title = file.word(("institution", str(who), "title"), lang, default=str(who))
            rows.append(
                [
                    f"{outcome}", file.outcome_word(str(outcome), "title", lang),
                    str(who), title, _span(span["min"], span["max"]),
                ]
            )  # fmt: skip
    return rows


def _words(study: Study, lang: str) -> list[list[str]]:
    """List the words that arguments take: groupings and population series."""
    file = study.file
    rows = [["by", by, _grouping_title(study, by, lang)] for by in study.groupings]
    for series in study.series_names:
        years = study.population.xs(series, level="series").index.get_level_values("year")
        title = file.word(("series", series, "title"), lang, default=series)
        rows.append(["population", series, f"{title}, {years.min()}–{years.max()}"])
    return rows


def _grouping_title(study: Study, by: str, lang: str) -> str:
    fixed = {name: say(f"notebook.by_{name}", lang) for name in ("total", "unit")}
    reported = {name: say(f"notebook.by_{name}", lang) for name in ("status", "holder")}
    own = study.file.word(("grouping", by, "title"), lang, default="")
    level = study.file.word(("level", by, "many"), lang, default="")
    return fixed.get(by) or own or level or reported.get(by, by)


def _known(study: Study, lang: str) -> list[list[str]]:
    """Count events, claims, interventions and published totals, with their first and last year."""
    finest = study.claims["unit"][study.claims["unit"].isin(study.codes)].nunique()
    of_all = say(
        "notebook.claims_units", lang, n=number(finest, lang), all=number(len(study.codes), lang)
    )
    kinds = [
        ("events", study.events, "start", ""),
        ("claims", study.claims, "start", of_all),
        ("interventions", study.interventions, "start_earliest", ""),
        ("observations", study.observations, "start", ""),
    ]
    return [
        [
            f"{say(f'notebook.{name}', lang)}{f' – {note}' if note else ''}",
            number(len(table), lang),
            f"{pd.Timestamp(table[day].min()).year}–{pd.Timestamp(table[day].max()).year}",
        ]
        for name, table, day, note in kinds
        if len(table)
    ]


def _sources(study: Study, lang: str) -> list[list[str]]:
    table = study.sources_in(lang)
    return table[["title", "publisher", "licence", "years"]].to_numpy().tolist()


def _calls(study: Study, lang: str) -> str:
    """Write calls that work with this very study, under its own name."""
    name, chosen = study.name, study.file.defaults
    middle = study.file.levels[-2]
    before, after = chosen["before"], chosen["after"]
    calls = [
        f'{name}.rates("{chosen["period"]}", by="{middle if len(study.codes) > 1 else "unit"}")',
        f'{name}.compare("{before}", "{after}", by="{study.finest}").figure()',
    ]
    if len(study.claims):
        day = study.file.entries.get("territory", {}).get("on", study.claims["start"].max())
        calls.append(f'{name}.holders("{pd.Timestamp(day).date()}")')
    if entries := study.file.entries.get("effect"):
        calls.append(f'{name}.effects("{entries[0]["event"]}")')
    lines = escape("\n".join([*calls, f"{name}.sources"]))
    return f"<p>{escape(_say('calls', lang))}</p><pre>{lines}</pre>"


def _change_cells(row: pd.Series, lang: str) -> list[str]:
    return [
        str(row["name"]),
        *(number(row[f"count_{side}"], lang) for side in ("before", "after")),
        " → ".join(number(row[f"rate_{side}"], lang, digits=1) for side in ("before", "after")),
        number(row["rate_ratio"], lang, digits=2),
        _interval(row["ratio_low"], row["ratio_high"], lang, digits=2),
        say(f"pictures.change_{row['change']}", lang),
    ]


def _interval(low: object, high: object, lang: str, *, digits: int) -> str:
    ends = [number(end, lang, digits=digits) for end in (low, high)]
    return MISSING if ends == [MISSING, MISSING] else say("notebook.interval", lang, ends=ends)


def _display(*parts: str) -> str:
    return f'{_STYLE}<div class="territory-display">{"".join(parts)}</div>'


def _table(
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str = "",
    figures: int = 0,
    last_is_words: bool = False,
) -> str:
    """Return a table; the last `figures` columns (but for words at the end) hold numbers."""
    end = len(head) - last_is_words
    marks = [
        ' class="figure"' if end - figures <= place < end else "" for place in range(len(head))
    ]

    def line(cells: Sequence[Any], tag: str) -> str:
        inner = (
            f"<{tag}{mark}>{escape(str(cell))}</{tag}>"
            for mark, cell in zip(marks, cells, strict=True)
        )
        return f"<tr>{''.join(inner)}</tr>"

    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    body = "".join(line(row, "td") for row in rows)
    return f"<table>{title}<thead>{line(head, 'th')}</thead><tbody>{body}</tbody></table>"


def _details(title: str, inner: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{inner}</details>"


def _aside(text: str) -> str:
    return f'<p class="aside">{escape(text)}</p>' if text else ""


def _head(table: str, lang: str) -> list[str]:
    """Return the headings of a table, which stand in one sentence, parted by bars."""
    return _say(f"head_{table}", lang).split(" | ")


def _say(key: str, lang: str) -> str:
    return say(f"notebook.{key}", lang)
