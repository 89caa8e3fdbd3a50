"""Pages and pictures: self-contained HTML from data, diagrams from workflows."""
