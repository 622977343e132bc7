"""Place: one municipality beside the whole, the area above it and the places most like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from territory import briefing, charting
from territory.dashboard import address, blocks, controls, current, parts, results
from territory.dashboard.blocks import Column, Figure
from territory.text import date, number, say
from territory.wording import part_of

if TYPE_CHECKING:
    from territory.briefing import Selection


def show(lang: str) -> None:
    """Write the page."""
    study = current.study()
    chosen = address.selection().renewed(lang=lang, show="smoothed_rate", by=study.finest)
    chosen = chosen.renewed(period=parts.one_year(chosen))
    if chosen.place not in study.codes:
        chosen = chosen.renewed(place=_largest())
    heading = st.container()
    _choices(chosen)
    row = results.row(chosen, chosen.place)
    with heading:
        _headline(chosen, row)
    blocks.numbers(_figures(chosen, row))
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        parts.chart(charting.place_figure, chosen, key="place_chart")
        _events(chosen)
    with right:
        _years(chosen)
    _similar(chosen)
    parts.downloads(
        chosen,
        table=results.series_of(chosen, chosen.place),
        picture=lambda: results.chart_image(charting.place_figure, chosen),
        name=f"{chosen.place}_{chosen.outcome}",
    )


def _largest() -> str:
    """Return the most populous unit: what the page shows before anybody has chosen."""
    study = current.study()
    people = study.population.xs(study.population_series, level="series")["population"]
    last = people.index.get_level_values("year").max()
    return str(people.xs(last, level="year").reindex(study.codes).idxmax())


def _choices(chosen: Selection) -> None:
    place, outcome, institution, period = st.columns([1.3, 1.1, 1.2, 1.4], gap="medium")
    with place:
        controls.place(chosen)
    with outcome:
        controls.outcome(chosen)
    with institution:
        controls.institution(chosen)
    with period:
        controls.period(chosen)


def _headline(chosen: Selection, row: pd.Series) -> None:
    study, lang, about = current.study(), chosen.lang, results.about(chosen)
    words = {
        "name": study.full_name(chosen.place),
        "cases": about.cases,
        "window": results.label(chosen.period, lang),
    }
    if pd.isna(row["count"]):
        blocks.headline(say("pages.place_headline_no_data", lang, **words))
        return
    if pd.isna(row["rate"]):
        count = number(row["count"], lang)
        blocks.headline(say("pages.place_headline_no_rate", lang, count=count, **words))
        return
    deck = say(
        "pages.place_deck",
        lang,
        **words,
        count=number(row["count"], lang),
        span=parts.span(row["low"], row["high"], lang),
        reliability=say(f"pictures.reliability_{row['reliability']}", lang),
        institution=about.institution,
        population=about.population,
    )
    if not pd.isna(study.units.get("flag", pd.Series(dtype=str)).get(chosen.place)):
        deck = f"{deck} {say('pages.place_border_note', lang)}"
    rate = number(row["rate"], lang, digits=1)
    blocks.headline(say("pages.place_headline", lang, rate=rate, **words), deck)


def _figures(chosen: Selection, row: pd.Series) -> list[Figure]:
    lang = chosen.lang
    window = results.label(chosen.period, lang)
    smoothed = parts.span(row["smoothed_low"], row["smoothed_high"], lang)
    return [
        Figure(
            number(row["smoothed_rate"], lang, digits=1),
            say("pages.place_smoothed", lang, window=window, span=smoothed),
        ),
        *_beside(chosen, window),
        *_change(chosen),
    ]


def _change(chosen: Selection) -> list[Figure]:
    """Return the rate ratio of the place, where there are two periods to compare."""
    if not briefing.comparable(current.study(), chosen):
        return []
    lang = chosen.lang
    change = results.comparison(chosen.renewed(show="change", place="")).table.loc[chosen.place]
    words = say(
        "pages.place_ratio",
        lang,
        before=results.label(chosen.before, lang),
        after=results.label(chosen.after, lang),
        span=parts.span(change["ratio_low"], change["ratio_high"], lang, digits=2),
        change=say(f"pictures.change_{change['change']}", lang),
    )
    return [Figure(number(change["rate_ratio"], lang, digits=2), words)]


def _is_part(chosen: Selection) -> bool:
    # Then no rate is that of the whole, nor surely that of the area above.
    return bool(part_of(current.study(), chosen.outcome, chosen.institution))


def _beside(chosen: Selection, window: str) -> list[Figure]:
    """Return the rates of the area between the place and the whole, if any, and of the whole."""
    if _is_part(chosen):
        return []
    lang = chosen.lang
    row = results.row(chosen.renewed(by="total", show="rate"), "total")
    words = say("pages.place_whole", lang, window=window)
    return [*_above(chosen, window), Figure(number(row["rate"], lang, digits=1), words)]


def _above(chosen: Selection, window: str) -> list[Figure]:
    """Return the rate of the area between the place and the whole, where there is one."""
    study, lang = current.study(), chosen.lang
    above = str(study.units.loc[chosen.place, "parent"])
    if above == study.whole:
        return []
    level = str(study.units.loc[above, "level"])
    area = results.row(chosen.renewed(by=level, show="rate"), above)
    name = study.area_name(above, chosen.place, lang)
    words = say("pages.place_above", lang, name=name, window=window)
    return [Figure(number(area["rate"], lang, digits=1), words)]


def _years(chosen: Selection) -> None:
    """Show the place year by year, beside the area above it and the whole."""
    study, lang = current.study(), chosen.lang
    above = str(study.units.loc[chosen.place, "parent"])
    level = str(study.units.loc[above, "level"])
    table = results.series_of(chosen, chosen.place)
    table = table.assign(
        span=parts.spans(table, lang),
        above=results.series_of(chosen.renewed(by=level), above)["rate"],
        whole=results.series_of(chosen.renewed(by="total"), "total")["rate"],
    )
    blocks.section(say("pages.place_years", lang))
    part = _is_part(chosen)
    columns = [
        Column("", say("pages.column_period", lang)),
        Column("count", say("pages.column_count", lang), "number"),
        Column("rate", say("pages.column_rate", lang), "number", digits=1),
        Column("span", say("pages.column_span", lang), "number", form=str),
    ]
    if above != study.whole and not part:
        name = study.area_name(above, chosen.place, lang)
        columns.append(Column("above", name, "number", digits=1, wide=True))
    if not part:
        whole = say("pages.column_whole", lang)
        columns.append(Column("whole", whole, "number", digits=1, wide=True))
    blocks.table(table, columns, lang, total=chosen.period)


def _similar(chosen: Selection) -> None:
    """Show the places most like this one: then and now."""
    study, lang = current.study(), chosen.lang
    earlier, now = results.label(chosen.before, lang), results.label(chosen.period, lang)
    codes = results.similar(chosen)
    blocks.section(
        say("pages.place_similar", lang), say("pages.place_similar_note", lang, window=earlier)
    )
    if not len(codes):
        blocks.paragraph(say("pages.place_no_similar", lang))
        return
    table = results.rates(chosen.renewed(place="")).loc[[chosen.place, *codes]]
    before = results.rates(chosen.renewed(place="", period=chosen.before))
    table = table.assign(
        name=[study.full_name(code) for code in table.index],
        earlier=before["smoothed_rate"],
        span=parts.spans(table, lang, of="smoothed_"),
    )
    columns = [
        Column("name", say("pages.column_name", lang)),
        Column("person_years", say("pages.column_people", lang), "number", wide=True),
        Column("earlier", say("pages.column_earlier", lang, window=earlier), "number", digits=1),
        Column("smoothed_rate", say("pages.column_now", lang, window=now), "number", digits=1),
        Column("span", say("pages.column_span", lang), "number", form=str),
    ]
    blocks.table(table, columns, lang, total=chosen.place)


def _events(chosen: Selection) -> None:
    """List what is known to have happened in this place, dated to what is known."""
    study, lang = current.study(), chosen.lang
    if study.events.empty:
        return
    blocks.section(say("pages.place_events", lang))
    here = study.events[[chosen.place in units for units in study.events["units"]]]
    if here.empty:
        blocks.paragraph(say("pages.place_no_events", lang))
        return
    known = {"day": "short", "range": "month"}
    rows = pd.DataFrame(
        [
            {
                "when": date(
                    event["start"],
                    lang,
                    precision=known.get(event["date_precision"], event["date_precision"]),
                ),
                "what": event[f"title_{lang}"],
            }
            for event in here.to_dict("records")
        ]
    )
    blocks.table(rows, [Column("when", ""), Column("what", "")], lang)
