"""Still maps and charts, drawn by matplotlib without pyplot.

Figures are made by matplotlib's objects and never registered globally, so that
several threads may draw at once; only writing a file takes a lock, because
some of matplotlib's output settings are global.
"""

from territory.pictures.figures.charts import Line, place_figure, series_figure
from territory.pictures.figures.choices import specification_figure
from territory.pictures.figures.dumbbell import dumbbell_figure
from territory.pictures.figures.effects import counterfactual_figure
from territory.pictures.figures.estimates import averted_figure, event_study_figure
from territory.pictures.figures.files import image, save, svg
from territory.pictures.figures.forest import forest_figure
from territory.pictures.figures.layout import FORMATS, Picture
from territory.pictures.figures.maps import map_figure
from territory.pictures.figures.multiples import multiples_figure
from territory.pictures.figures.placebos import placebo_figure

__all__ = [
    "FORMATS",
    "Line",
    "Picture",
    "averted_figure",
    "counterfactual_figure",
    "dumbbell_figure",
    "event_study_figure",
    "forest_figure",
    "image",
    "map_figure",
    "multiples_figure",
    "place_figure",
    "placebo_figure",
    "save",
    "series_figure",
    "specification_figure",
    "svg",
]
