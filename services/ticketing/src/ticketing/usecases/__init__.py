"""One file for each thing a person or a job does with tickets."""
