"""Serves the page of the map component; started by the tests as a program of its own."""

import sys
from pathlib import Path

from component_page import shapes

from territory.dashboard.launch import settings
from territory.dashboard.server import dashboard_app

if __name__ == "__main__":
    page = Path(__file__).with_name("component_page.py")
    app = dashboard_app(page, shapes=shapes, warm=lambda: None, base_path="")
    app.run(config=settings() | {"server.port": int(sys.argv[1])})
