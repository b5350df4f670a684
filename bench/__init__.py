"""Side-by-side measurements: our step, plain SpiffWorkflow's, and the bare transaction. Ratios, not seconds."""
