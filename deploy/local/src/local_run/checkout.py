"""Where things are in the checkout. The local run works from a clone, not from an installed package."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
BRANDS = ROOT / "brands"
GATEWAY = ROOT / "gateway"
SERVICES = ROOT / "services"
