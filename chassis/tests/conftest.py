"""Makes importable what the chassis is tested with: a sample service, and the helpers of the crash tests."""

import sys
from pathlib import Path

_HERE = Path(__file__).parent
sys.path += [str(_HERE / "sample_service" / "src"), str(_HERE / "crash")]
