"""The dashboard: server, pages and the map component. The only room that imports streamlit."""
