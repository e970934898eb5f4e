// Prints what a reader finds in a workbook as one JSON object, in the same form for every reader:
// node read.cjs exceljs|sheetjs FILE
"use strict";

const ExcelJS = require("exceljs");
const SheetJS = require("xlsx");

const readers = {
  async exceljs(path) {
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    return book.worksheets.map((sheet) => {
      const numbers = {};
      sheet.eachRow((row) =>
        row.eachCell((cell) => {
          if (cell.type === ExcelJS.ValueType.Number) numbers[cell.address] = cell.value;
        }),
      );
      return {
        name: sheet.name,
        numbers,
        titles: sheet.pageSetup.printTitlesRow || null,
        area: sheet.pageSetup.printArea || null,
        tables: Object.values(sheet.tables).map((table) => ({
          name: table.table.name,
          columns: table.table.columns.map((column) => column.name),
        })),
      };
    });
  },

  async sheetjs(path) {
    const book = SheetJS.readFile(path);
    const named = (name, at) => {
      const found = book.Workbook.Names.find((one) => one.Name === name && one.Sheet === at);
      return found ? found.Ref.replace(/^.*!/, "").replaceAll("$", "") : null;
    };
    return book.SheetNames.map((name, at) => {
      const numbers = {};
      for (const [address, cell] of Object.entries(book.Sheets[name])) {
        if (cell.t === "n") numbers[address] = cell.v;
      }
      return {
        name,
        numbers,
        titles: named("_xlnm.Print_Titles", at),
        area: named("_xlnm.Print_Area", at),
      };
    });
  },
};

const [reader, path] = process.argv.slice(2);
readers[reader](path).then(
  (sheets) => process.stdout.write(JSON.stringify(sheets)),
  (error) => {
    console.error(error.stack);
    process.exitCode = 1;
  },
);
