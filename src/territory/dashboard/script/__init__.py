"""The one file that Streamlit runs; see `visit`."""
