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
