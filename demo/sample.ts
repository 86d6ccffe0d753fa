import type { CommitContent } from '../test/simulated-github/git.ts';

/** The sample: a small bookshop in Flask, and a pull request with a few real defects between sound code. */

export const REPOSITORY = 'acme/bookshop';

const APP = `from flask import Flask

from bookshop import catalog


def create_app() -> Flask:
    app = Flask(__name__)
    app.register_blueprint(catalog.blueprint)
    return app
`;

const DATABASE = `import sqlite3

from flask import current_app, g


def connection() -> sqlite3.Connection:
    if 'connection' not in g:
        g.connection = sqlite3.connect(current_app.config['DATABASE'])
    return g.connection
`;

const CATALOG = `from flask import Blueprint, request

from bookshop.database import connection

blueprint = Blueprint('catalog', __name__)


@blueprint.get('/books')
def books():
    category = request.args.get('category', 'fiction')
    rows = connection().execute('SELECT title, price FROM books WHERE category = ?', (category,))
    return {'books': rows.fetchall()}
`;

export const START: CommitContent = {
  message: 'A catalog of books',
  files: {
    'README.md': '# Bookshop\n',
    'requirements.txt': 'flask\nrequests\npyyaml\n',
    'bookshop/__init__.py': '',
    'bookshop/app.py': APP,
    'bookshop/database.py': DATABASE,
    'bookshop/catalog.py': CATALOG,
  },
};

const SEARCH = `

@blueprint.get('/search')
def search():
    title = request.args['title']
    rows = connection().execute(f"SELECT title, price FROM books WHERE title LIKE '%{title}%'")
    return {'books': rows.fetchall()}


@blueprint.get('/authors/<int:author>')
def by_author(author: int):
    rows = connection().execute('SELECT title, price FROM books WHERE author = ?', (author,))
    return {'books': rows.fetchall()}
`;

const SEARCH_FIXED = SEARCH.replace(
  `    rows = connection().execute(f"SELECT title, price FROM books WHERE title LIKE '%{title}%'")`,
  `    rows = connection().execute('SELECT title, price FROM books WHERE title LIKE ?', (f'%{title}%',))`,
);

const INVOICES = `import subprocess

from flask import Blueprint, request, send_file

blueprint = Blueprint('invoices', __name__)


@blueprint.post('/invoices')
def invoice():
    number = request.form['number']
    page = f'/srv/invoices/{number}.html'
    subprocess.run(f'wkhtmltopdf {page} /tmp/invoice.pdf', shell=True, check=True)
    return send_file('/tmp/invoice.pdf')
`;

const INVOICES_FIXED = `import subprocess
from tempfile import NamedTemporaryFile

from flask import Blueprint, request, send_file

blueprint = Blueprint('invoices', __name__)


@blueprint.post('/invoices')
def invoice():
    number = int(request.form['number'])
    page = f'/srv/invoices/{number}.html'
    with NamedTemporaryFile(suffix='.pdf') as pdf:
        subprocess.run(['wkhtmltopdf', page, pdf.name], check=True)
        return send_file(pdf.name)
`;

const SUPPLIERS = `import requests
import yaml
from flask import Blueprint, request

blueprint = Blueprint('suppliers', __name__)


@blueprint.post('/suppliers/prices')
def import_prices():
    prices = yaml.load(request.data, Loader=yaml.Loader)
    return {'imported': len(prices)}


def catalog_of(supplier: str) -> dict:
    answer = requests.get(f'https://{supplier}.example.com/catalog', verify=False, timeout=10)
    return answer.json()


def exchange_rates() -> dict:
    return requests.get('http://rates.bookwholesale.net/daily.json', timeout=10).json()
`;

const SUPPLIERS_FIXED = SUPPLIERS.replace(
  'yaml.load(request.data, Loader=yaml.Loader)',
  'yaml.safe_load(request.data)',
)
  .replace(', verify=False', '')
  .replace('http://', 'https://');

const APP_CHANGED = APP.replace(
  'from bookshop import catalog',
  'from bookshop import catalog, invoices, suppliers',
).replace(
  '    return app\n',
  '    app.register_blueprint(invoices.blueprint)\n    app.register_blueprint(suppliers.blueprint)\n    return app\n',
);

export const CHANGE: CommitContent = {
  message: 'Search, invoices and supplier prices',
  files: {
    'bookshop/app.py': APP_CHANGED,
    'bookshop/catalog.py': CATALOG + SEARCH,
    'bookshop/invoices.py': INVOICES,
    'bookshop/suppliers.py': SUPPLIERS,
  },
};

export const FIX: CommitContent = {
  message: 'Do as the review says',
  files: {
    'bookshop/catalog.py': CATALOG + SEARCH_FIXED,
    'bookshop/invoices.py': INVOICES_FIXED,
    'bookshop/suppliers.py': SUPPLIERS_FIXED,
  },
};
