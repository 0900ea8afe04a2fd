"""The web kit: what every page, table, chart, form and sign-in is made of; knows no election."""
