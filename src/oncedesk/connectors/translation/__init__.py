"""Translation by whatever service the installation has for it; without one nothing is sent."""
