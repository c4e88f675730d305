"""Makes the sample service importable, as an installed service is."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "sample_service" / "src"))
