"""Daily reports and meeting books to print, to edit and to paste, from the same sentences."""

from .book import book_pdf, book_sheets
from .daily import chat_text, file_stem, report_docx, report_pdf
