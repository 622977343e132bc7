"""The dashboard, for ``streamlit run app.py``; ``territory dashboard`` starts the same."""

import streamlit as st

from territory.dashboard.server import SCRIPT, app_options

app = st.App(SCRIPT, **app_options())
