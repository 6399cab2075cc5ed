"""Quote sheets and other forms in which quotations leave the store; all escaping is in :mod:`.escaping`."""
