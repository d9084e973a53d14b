# Imports what is not in its folder.
# ends: rejected, rejected_file.py:5: ModuleNotFoundError
import sys

import passwd
