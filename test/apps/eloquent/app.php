<?php

use Illuminate\Database\Capsule\Manager as Capsule;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Schema\Blueprint;

date_default_timezone_set('UTC');
require '/usr/share/php/Illuminate/Database/autoload.php';
require __DIR__ . '/serve-lines.php';

$capsule = new Capsule();
if (isPostgres()) {
    $url = parse_url(getenv('DATABASE_URL'));
    parse_str($url['query'] ?? '', $query);
    $capsule->addConnection([
        'driver' => 'pgsql',
        'host' => $url['host'] ?? $query['host'],
        'port' => $url['port'] ?? 5432,
        'database' => urldecode(substr($url['path'], 1)),
        'username' => urldecode($url['user']),
        'password' => urldecode($url['pass'] ?? ''),
        'charset' => 'utf8',
    ]);
} else {
    $file = getenv('APP_SQLITE');
    touch($file);
    $capsule->addConnection(['driver' => 'sqlite', 'database' => $file, 'foreign_key_constraints' => true]);
    $capsule->getConnection()->getPdo()->exec('pragma busy_timeout = 5000');
}
$capsule->setAsGlobal();
$capsule->bootEloquent();

if (in_array($argv[1], ['schema', 'migrate'], true)) {
    $schema = Capsule::schema();
    $schema->create('authors', function (Blueprint $table) {
        $table->id();
        $table->string('name');
        $table->string('email')->unique();
        $table->boolean('active')->default(true);
        $table->double('rating')->nullable();
        $table->decimal('balance', 12, 2)->default(0);
        $table->date('born')->nullable();
        $table->timestamp('joined', 3)->useCurrent();
        $table->json('settings')->nullable();
        $table->binary('photo')->nullable();
        $table->uuid('token')->nullable();
    });
    $schema->create('posts', function (Blueprint $table) {
        $table->id();
        $table->foreignId('author_id')->constrained()->cascadeOnDelete();
        $table->string('title');
        $table->enum('status', ['draft', 'published']);
        $table->integer('views')->default(0);
        $table->bigInteger('big')->nullable();
    });
    $schema->create('tags', function (Blueprint $table) {
        $table->id();
        $table->string('name')->unique();
    });
    $schema->create('post_tag', function (Blueprint $table) {
        $table->foreignId('post_id')->constrained()->cascadeOnDelete();
        $table->foreignId('tag_id')->constrained();
        $table->primary(['post_id', 'tag_id']);
    });
    exit(0);
}

class Author extends Model
{
    public $timestamps = false;
    protected $guarded = [];
    protected $dateFormat = 'Y-m-d H:i:s.v';
    protected $casts = ['active' => 'boolean', 'joined' => 'datetime', 'settings' => 'array', 'rating' => 'float'];
}

class Tag extends Model
{
    public $timestamps = false;
    protected $guarded = [];
}

class Post extends Model
{
    public $timestamps = false;
    protected $guarded = [];

    public function author()
    {
        return $this->belongsTo(Author::class);
    }

    public function tags()
    {
        return $this->belongsToMany(Tag::class);
    }
}

/** PDO takes bytes for PostgreSQL in its own spelling. */
function stored(array $values): array
{
    if (isset($values['joined'])) {
        $values['joined'] = new DateTimeImmutable($values['joined']);
    }
    if (isset($values['photo'])) {
        $values['photo'] = isPostgres()
            ? Capsule::raw("decode('" . $values['photo'] . "', 'hex')")
            : Capsule::raw("x'" . $values['photo'] . "'");
    }
    return $values;
}

function listAuthors(array $how): array
{
    $query = Author::query()->orderBy('id')->limit($how['limit'] ?? 1000)->offset($how['offset'] ?? 0);
    if (isset($how['active'])) {
        $query->where('active', $how['active']);
    }
    if (isset($how['bornBefore'])) {
        $query->where('born', '<', $how['bornBefore']);
    }
    if (isset($how['joinedAfter'])) {
        $query->where('joined', '>', (new DateTimeImmutable($how['joinedAfter']))->format('Y-m-d H:i:s.v'));
    }
    return $query->pluck('id')->all();
}

function readAuthor(int $id): array
{
    $got = Author::findOrFail($id);
    $photo = bytesOf($got->photo);
    return [
        'id' => $got->id, 'name' => $got->name, 'email' => $got->email, 'active' => $got->active,
        'rating' => $got->rating, 'balance' => (string) $got->balance, 'born' => $got->born,
        'joined' => iso($got->joined), 'settings' => $got->settings,
        'photo' => $photo === null ? null : bin2hex($photo), 'token' => $got->token,
    ];
}

serveLines([
    'addAuthor' => fn ($values) => Author::create(stored($values))->id,
    'author' => fn ($id) => readAuthor($id),
    'changeAuthor' => function ($id, $values) {
        Author::findOrFail($id)->update(stored($values));
    },
    'removeAuthor' => function ($id) {
        Author::findOrFail($id)->delete();
    },
    'authors' => fn ($how) => listAuthors($how),
    'addPost' => function ($values) {
        $values['author_id'] = $values['authorId'];
        unset($values['authorId']);
        return Post::create($values)->id;
    },
    'big' => fn ($id) => (string) Post::findOrFail($id)->big,
    'posts' => fn ($id) => Post::with('author')->where('author_id', $id)->orderBy('id')->get()
        ->map(fn ($one) => ['title' => $one->title, 'author' => $one->author->name])->all(),
    'views' => fn ($id) => Post::where('author_id', $id)->sum('views'),
    'tag' => function ($post, $name) {
        Post::findOrFail($post)->tags()->syncWithoutDetaching([Tag::firstOrCreate(['name' => $name])->id]);
    },
    'tagsOf' => fn ($id) => Post::findOrFail($id)->tags()->orderBy('name')->pluck('name')->all(),
    'failingTransaction' => function ($values) {
        try {
            Capsule::connection()->transaction(function () use ($values) {
                Author::create(stored($values));
                throw new LogicException('on purpose');
            });
        } catch (LogicException) {
        }
    },
    'titles' => fn ($prefix) => Post::where('title', 'like', $prefix . '%')->pluck('title')->all(),
]);
