"""Draws the app's icons as PNG from the two SVG drawings in web/icons. Run it again when a drawing changes."""

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scripts.chromium import find_or_install, launch_arguments

ICONS = Path(__file__).resolve().parent.parent / "web" / "icons"

DRAWN = (
    ("icon.svg", 192, "icon-192.png"),
    ("icon.svg", 512, "icon-512.png"),
    ("icon-maskable.svg", 512, "icon-maskable-512.png"),
    ("icon-maskable.svg", 180, "apple-touch-icon.png"),  # iOS rounds the corners itself
)


def main() -> None:
    """Draw every icon."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=launch_arguments())
        for drawing, size, name in DRAWN:
            draw(browser, ICONS / drawing, size, ICONS / name)
        browser.close()


def draw(browser: Browser, drawing: Path, size: int, target: Path) -> None:
    """Save the drawing as a square PNG of `size` pixels, transparent where nothing is drawn."""
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawing.read_text()}")
    page.screenshot(path=target, omit_background=True)
    page.close()


if __name__ == "__main__":
    main()
