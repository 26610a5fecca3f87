"""CountyFair: rural e-commerce for a county and for the programme behind it.

Floors, low to high: kernel, registers, trade, outreach, observatory, surfaces, runtime.
A floor knows the floors below it and nothing above it; `docs/map.md` shows the whole.
"""
