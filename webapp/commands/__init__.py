"""One command of `qianyue` per module; each is loaded only when it is called."""
