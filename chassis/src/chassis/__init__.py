"""What every service process is made of: technical, no noun of the business."""
