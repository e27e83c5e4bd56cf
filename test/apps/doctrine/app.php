<?php

use Doctrine\Common\Collections\ArrayCollection;
use Doctrine\Common\Collections\Collection;
use Doctrine\DBAL\DriverManager;
use Doctrine\ORM\EntityManager;
use Doctrine\ORM\Mapping as ORM;
use Doctrine\ORM\ORMSetup;
use Doctrine\ORM\Tools\SchemaTool;

date_default_timezone_set('UTC');
require '/usr/share/php/Doctrine/ORM/autoload.php';
require __DIR__ . '/serve-lines.php';

#[ORM\Entity, ORM\Table(name: 'authors')]
class Author
{
    #[ORM\Id, ORM\Column, ORM\GeneratedValue]
    public ?int $id = null;
    #[ORM\Column]
    public string $name;
    #[ORM\Column(unique: true)]
    public string $email;
    #[ORM\Column(options: ['default' => true])]
    public bool $active = true;
    #[ORM\Column(nullable: true)]
    public ?float $rating = null;
    #[ORM\Column(type: 'decimal', precision: 12, scale: 2)]
    public string $balance = '0';
    #[ORM\Column(type: 'date_immutable', nullable: true)]
    public ?DateTimeImmutable $born = null;
    #[ORM\Column(type: 'datetime_immutable')]
    public DateTimeImmutable $joined;
    #[ORM\Column(type: 'json', nullable: true)]
    public ?array $settings = null;
    #[ORM\Column(type: 'blob', nullable: true)]
    public $photo = null;
    #[ORM\Column(type: 'guid', nullable: true)]
    public ?string $token = null;
}

#[ORM\Entity, ORM\Table(name: 'tags')]
class Tag
{
    #[ORM\Id, ORM\Column, ORM\GeneratedValue]
    public ?int $id = null;
    #[ORM\Column(unique: true)]
    public string $name;
}

#[ORM\Entity, ORM\Table(name: 'posts')]
class Post
{
    #[ORM\Id, ORM\Column, ORM\GeneratedValue]
    public ?int $id = null;
    #[ORM\ManyToOne]
    #[ORM\JoinColumn(nullable: false, onDelete: 'CASCADE')]
    public Author $author;
    #[ORM\Column]
    public string $title;
    #[ORM\Column(length: 10)]
    public string $status;
    #[ORM\Column]
    public int $views = 0;
    #[ORM\Column(type: 'bigint', nullable: true)]
    public ?string $big = null;
    #[ORM\ManyToMany(targetEntity: Tag::class)]
    #[ORM\JoinTable(name: 'post_tags')]
    public Collection $tags;

    public function __construct()
    {
        $this->tags = new ArrayCollection();
    }
}

$config = ORMSetup::createAttributeMetadataConfiguration([__DIR__], true, null, null);
$connection = DriverManager::getConnection(isPostgres()
    ? ['url' => preg_replace('/^postgres(ql)?:/', 'pdo-pgsql:', getenv('DATABASE_URL'))]
    : ['driver' => 'pdo_sqlite', 'path' => getenv('APP_SQLITE')], $config);
if (!isPostgres()) {
    $connection->executeStatement('pragma busy_timeout = 5000');
    $connection->executeStatement('pragma foreign_keys = on');
}
/** A new manager for each unit of work, as each request of a web application has. */
function manager(): EntityManager
{
    global $connection, $config;
    return EntityManager::create($connection, $config);
}

if (in_array($argv[1], ['schema', 'migrate'], true)) {
    $manager = manager();
    (new SchemaTool($manager))->createSchema($manager->getMetadataFactory()->getAllMetadata());
    exit(0);
}

function fill(object $made, array $values): object
{
    foreach ($values as $name => $value) {
        $made->$name = match ($name) {
            'joined', 'born' => $value === null ? null : new DateTimeImmutable($value),
            'photo' => hex2bin($value),
            default => $value,
        };
    }
    return $made;
}

function saved(EntityManager $manager, object $made): int
{
    $manager->persist($made);
    $manager->flush();
    return $made->id;
}

function newAuthor(array $values): Author
{
    return fill(new Author(), $values + ['joined' => gmdate('Y-m-d H:i:s')]);
}

function readAuthor(int $id): array
{
    $got = manager()->find(Author::class, $id);
    $photo = bytesOf($got->photo);
    return [
        'id' => $got->id, 'name' => $got->name, 'email' => $got->email, 'active' => $got->active,
        'rating' => $got->rating, 'balance' => $got->balance, 'born' => $got->born?->format('Y-m-d'),
        'joined' => iso($got->joined), 'settings' => $got->settings,
        'photo' => $photo === null ? null : bin2hex($photo), 'token' => $got->token,
    ];
}

function listAuthors(array $how): array
{
    $query = manager()->createQueryBuilder()->select('a.id')->from(Author::class, 'a')->orderBy('a.id')
        ->setMaxResults($how['limit'] ?? 1000)->setFirstResult($how['offset'] ?? 0);
    if (isset($how['active'])) {
        $query->andWhere('a.active = :active')->setParameter('active', $how['active'], 'boolean');
    }
    if (isset($how['bornBefore'])) {
        $query->andWhere('a.born < :born')->setParameter('born', $how['bornBefore']);
    }
    if (isset($how['joinedAfter'])) {
        $query->andWhere('a.joined > :at')->setParameter('at', new DateTimeImmutable($how['joinedAfter']), 'datetime_immutable');
    }
    return array_column($query->getQuery()->getArrayResult(), 'id');
}

/** One query in DQL, as rows. */
function dql(string $text, array $values): array
{
    return manager()->createQuery($text)->setParameters($values)->getArrayResult();
}

serveLines([
    'addAuthor' => fn ($values) => saved(manager(), newAuthor($values)),
    'author' => fn ($id) => readAuthor($id),
    'changeAuthor' => function ($id, $values) {
        $manager = manager();
        fill($manager->find(Author::class, $id), $values);
        $manager->flush();
    },
    'removeAuthor' => function ($id) {
        $manager = manager();
        $manager->remove($manager->find(Author::class, $id));
        $manager->flush();
    },
    'authors' => fn ($how) => listAuthors($how),
    'addPost' => function ($values) {
        $manager = manager();
        $values['author'] = $manager->getReference(Author::class, $values['authorId']);
        unset($values['authorId']);
        return saved($manager, fill(new Post(), ['big' => (string) $values['big']] + $values));
    },
    'big' => fn ($id) => (string) manager()->find(Post::class, $id)->big,
    'posts' => fn ($id) => dql('select p.title, a.name author from Post p join p.author a where a.id = :id order by p.id', ['id' => $id]),
    'views' => fn ($id) => dql('select sum(p.views) views from Post p where p.author = :id', ['id' => $id])[0]['views'],
    'tag' => function ($post, $name) {
        $manager = manager();
        $tag = $manager->getRepository(Tag::class)->findOneBy(['name' => $name]) ?? fill(new Tag(), ['name' => $name]);
        $manager->persist($tag);
        $manager->find(Post::class, $post)->tags->add($tag);
        $manager->flush();
    },
    'tagsOf' => fn ($id) => array_column(dql('select t.name from Post p join p.tags t where p.id = :id order by t.name', ['id' => $id]), 'name'),
    'failingTransaction' => function ($values) {
        $manager = manager();
        try {
            $manager->wrapInTransaction(function () use ($manager, $values) {
                saved($manager, newAuthor($values));
                throw new LogicException('on purpose');
            });
        } catch (LogicException) {
        }
    },
    'titles' => fn ($prefix) => array_column(dql('select p.title from Post p where p.title like :like', ['like' => $prefix . '%']), 'title'),
]);
