"""What Streamlit runs for every visitor and every change.

It lies in a folder of its own: Streamlit takes each module of a folder named
``pages`` beside its script for a page, and would run it by itself.
"""

from territory.dashboard.main import main

main()
