"""Words of the raw lists of national totals, and what each of them means."""

from __future__ import annotations

# The wording of a list, without what stands in brackets, to the short vocabulary.
INSTITUTIONS = {
    "FGR": "fgr",
    "FUNDAUNGO": "fundaungo",
    "IML": "iml",
    "IML final": "iml",
    "IML first count / PNC": "pnc_iml",
    "IML preliminary": "iml",
    "IML/PNC": "pnc_iml",
    "IML/PNC rate as quoted": "pnc_iml",
    "MJSP": "mjsp",
    "MJSP/PNC": "mjsp",
    "PNC": "pnc",
    "PNC final": "pnc",
    "PNC first count": "pnc",
    "PNC preliminary": "pnc",
    "PNC revised": "pnc",
    "PNC to 30 Dec": "pnc",
    "PNC/FGR/IML": "tripartite",
    "PNC/IML": "pnc_iml",
    "PNC/LPG Datos": "pnc",
    "Presidencia": "presidency",
    "UNODC": "unodc_2025",
    "UNODC 2011-12 vintage": "unodc_2012",
    "UNODC Global Study on Homicide 2019": "unodc_2019",
    "not stated": "not_stated",
    "tripartite": "tripartite",
}
# Wordings that say nothing beyond the vocabulary are not repeated in the note.
PLAIN = {"FGR", "FUNDAUNGO", "IML", "MJSP", "PNC", "not stated", "tripartite"}
FIRST_COUNTS = ("preliminary", "first count", "to 30 Dec", "30 days", "to 30 Aug")
# Printed windows that the figure itself, or the page's own note, shows to be others.
WINDOWS = {
    ("2016-01-01", "2016-06-30", "one day short"): ("2016-01-01", "2016-06-29"),
    ("2019-07-01", "2019-12-31", "page says second half, includes June: 7 months sum to 1,039"): (
        "2019-06-01",
        "2019-12-31",
    ),
}
# Figures that their own page or another makes doubtful: (start, end, count, word of the note).
DOUBTFUL = {
    ("2013-07-01", "2013-07-31", "185", "prints 185 for both"),
    ("2013-01-01", "2013-04-30", "764", "CONFLICTS"),
}
LAST_DAYS = {
    ("PNC to 30 Dec", "2015-12-31"): "2015-12-30",
    ("PNC (30 days)", "2018-05-31"): "2018-05-30",
    ("PNC (to 30 Aug)", "2023-08-31"): "2023-08-30",
}
