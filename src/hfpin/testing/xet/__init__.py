"""Xet: the storage protocol that huggingface_hub prefers for large files, as its client hf_xet speaks it.

Files are cut into chunks, chunks are packed into xorbs, and a shard says which chunks of which xorbs make a
file. The formats are those of the Xet protocol specification (https://huggingface.co/docs/xet). A hash is 32
bytes, and is written as four little-endian 64-bit words in hexadecimal.
"""

from __future__ import annotations
