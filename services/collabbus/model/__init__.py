"""The core: what a matter is and what may happen to it, without I/O, clock or chance."""
