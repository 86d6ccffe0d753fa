import { at, type Library, named } from './library.ts';

/** Writers of tables that people open in a spreadsheet program. */
export const spreadsheets: Library = {
  name: 'csv, openpyxl, XlsxWriter, xlwt, pandas, gspread',
  docs: 'https://docs.python.org/3/library/csv.html',
  aliases: { unicodecsv: 'csv', 'backports.csv': 'csv' },
  returns: {
    'csv.writer': 'csv.writer()',
    'openpyxl.Workbook.create_sheet': 'openpyxl.worksheet.worksheet.Worksheet',
    'openpyxl.load_workbook': 'openpyxl.Workbook',
    'xlsxwriter.Workbook.add_worksheet': 'xlsxwriter.worksheet.Worksheet',
    'xlwt.Workbook.add_sheet': 'xlwt.Worksheet',
    'openpyxl.worksheet.worksheet.Worksheet.cell': 'openpyxl.cell.cell.Cell',
  },
  attributes: { 'openpyxl.Workbook.active': 'openpyxl.worksheet.worksheet.Worksheet' },
  sinks: [
    {
      kind: 'csv',
      paths: [
        'csv.writer().writerow',
        'csv.writer().writerows',
        'csv.DictWriter.writerow',
        'csv.DictWriter.writerows',
        'openpyxl.worksheet.worksheet.Worksheet.append',
      ],
      arguments: [at(0, 'row'), named('rows'), named('rowdict'), named('rowdicts'), named('iterable')],
    },
    // https://openpyxl.readthedocs.io/en/stable/tutorial.html: a text that begins with `=` is a formula.
    {
      kind: 'csv',
      on: 'item',
      paths: ['openpyxl.worksheet.worksheet.Worksheet'],
      arguments: [at(1)],
    },
    { kind: 'csv', on: 'attribute', paths: ['openpyxl.cell.cell.Cell.value'] },
    {
      kind: 'csv',
      paths: ['openpyxl.worksheet.worksheet.Worksheet.cell'],
      arguments: [at(2, 'value')],
    },
    {
      kind: 'csv',
      paths: [
        'xlsxwriter.worksheet.Worksheet.write',
        'xlsxwriter.worksheet.Worksheet.write_formula',
        'xlwt.Worksheet.write',
      ],
      arguments: [at(2)],
    },
  ],
  sanitizers: [{ paths: ['defusedcsv.csv.escape'], kinds: ['csv'] }],
};
