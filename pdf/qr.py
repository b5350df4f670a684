"""The square that leads from paper to the verification page.

25 mm with its quiet zone at level M: a higher level packs more dots into the same
space and reads worse from a photograph.
"""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_M

SIDE_MM = 25.0
QUIET_DOTS = 4
PIXELS_PER_DOT = 10
LONGEST_URL = 106  # characters; more makes dots smaller than a phone reads from paper


def qr_png(url: str) -> bytes:
    """A black and white PNG of the code with its quiet zone; equal urls give equal bytes."""
    if len(url.encode()) > LONGEST_URL:
        raise ValueError(f"address of {len(url)} characters is too long for {SIDE_MM} mm")
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_M, box_size=PIXELS_PER_DOT, border=QUIET_DOTS
    )
    code.add_data(url)
    code.make(fit=True)
    out = BytesIO()
    code.make_image().save(out, format="PNG")
    return out.getvalue()
