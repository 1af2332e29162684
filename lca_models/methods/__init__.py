"""Method choices of a product footprint: characterization, allocation, biogenic carbon, exemption, data quality."""
