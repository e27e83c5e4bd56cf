use strict;
use warnings;
use utf8;
use JSON::PP;
require 'serve_lines.pl';

package Shelf::Author;
use base 'DBIx::Class::Core';
__PACKAGE__->load_components(qw(FilterColumn));
__PACKAGE__->table('authors');
__PACKAGE__->add_columns(
    id => { data_type => 'integer', is_auto_increment => 1 },
    (map { $_ => { data_type => 'text' } } qw(name email born joined settings token)),
    active => { data_type => 'boolean' },
    rating => { data_type => 'double precision' },
    balance => { data_type => 'numeric' },
    photo => { data_type => 'bytea' },
);
__PACKAGE__->set_primary_key('id');
__PACKAGE__->has_many(posts => 'Shelf::Post', 'author_id', { cascade_delete => 0 });
__PACKAGE__->filter_column(settings => {
    filter_from_storage => sub { JSON::PP->new->utf8(0)->decode($_[1]) },
    filter_to_storage => sub { JSON::PP->new->utf8(0)->canonical->encode($_[1]) },
});

package Shelf::Tag;
use base 'DBIx::Class::Core';
__PACKAGE__->table('tags');
__PACKAGE__->add_columns(id => { data_type => 'integer', is_auto_increment => 1 }, name => { data_type => 'text' });
__PACKAGE__->set_primary_key('id');
__PACKAGE__->add_unique_constraint(name => ['name']);
__PACKAGE__->has_many(post_tags => 'Shelf::PostTag', 'tag_id');

package Shelf::PostTag;
use base 'DBIx::Class::Core';
__PACKAGE__->table('post_tags');
__PACKAGE__->add_columns(map { $_ => { data_type => 'integer' } } qw(post_id tag_id));
__PACKAGE__->set_primary_key(qw(post_id tag_id));
__PACKAGE__->belongs_to(tag => 'Shelf::Tag', 'tag_id');

package Shelf::Post;
use base 'DBIx::Class::Core';
__PACKAGE__->table('posts');
__PACKAGE__->add_columns(
    id => { data_type => 'integer', is_auto_increment => 1 },
    (map { $_ => { data_type => 'integer' } } qw(author_id views big)),
    (map { $_ => { data_type => 'text' } } qw(title status)),
);
__PACKAGE__->set_primary_key('id');
__PACKAGE__->belongs_to(author => 'Shelf::Author', 'author_id');
__PACKAGE__->has_many(post_tags => 'Shelf::PostTag', 'post_id', { cascade_delete => 0 });
__PACKAGE__->many_to_many(tags => 'post_tags', 'tag');

package Shelf;
use base 'DBIx::Class::Schema';
__PACKAGE__->register_class($_ => "Shelf::$_") for qw(Author Post Tag PostTag);

package main;

my $is_postgres = is_postgres();
my $shelf =
    $is_postgres
    ? Shelf->connect(postgres_dsn(), { pg_enable_utf8 => 1 })
    : Shelf->connect("dbi:SQLite:dbname=$ENV{APP_SQLITE}", '', '',
    { sqlite_unicode => 1, on_connect_do => ['pragma foreign_keys = on', 'pragma busy_timeout = 5000'] });

sub tables {
    my ($key, $bytes, $time, $json) =
        $is_postgres
        ? ('serial primary key', 'bytea', 'timestamp', 'text')
        : ('integer primary key autoincrement', 'blob', 'datetime', 'text');
    return (
        "create table authors (id $key, name text not null, email varchar(100) not null unique,
            active boolean not null default true, rating double precision, balance numeric(12,2) not null default 0,
            born date, joined $time not null default current_timestamp, settings $json, photo $bytes,
            token varchar(36))",
        "create table posts (id $key, author_id integer not null references authors on delete cascade,
            title text not null, status varchar(10) not null check (status in ('draft', 'published')),
            views integer not null default 0, big bigint)",
        'create index posts_author on posts (author_id)',
        "create table tags (id $key, name varchar(50) not null unique)",
        'create table post_tags (post_id integer not null references posts on delete cascade,
            tag_id integer not null references tags, primary key (post_id, tag_id))',
    );
}

if ($ARGV[0] eq 'schema' || $ARGV[0] eq 'migrate') {
    $shelf->storage->dbh_do(sub { $_[1]->do($_[2]) }, $_) for tables();
    exit 0;
}

sub stored {
    my %values = %{ $_[0] };
    $values{active} = $values{active} ? 1 : 0 if exists $values{active};
    $values{photo} = pack('H*', $values{photo}) if defined $values{photo};
    $values{joined} =~ s/T(.*)Z$/ $1/ if defined $values{joined};
    if (exists $values{authorId}) { $values{author_id} = delete $values{authorId} }
    return \%values;
}

sub author {
    my $got = $shelf->resultset('Author')->find($_[0]) or die 'no such author';
    my $joined = $got->joined;
    $joined =~ s/ /T/;
    $joined .= '.000' if $joined !~ /\./;
    $joined =~ s/(\.\d{3})\d*$/$1/;
    return {
        (map { $_ => $got->$_ } qw(name email born token settings)),
        id => 0 + $got->id,
        active => $got->active ? JSON::PP::true : JSON::PP::false,
        rating => defined $got->rating ? 0 + $got->rating : undef,
        balance => '' . $got->balance,
        joined => "${joined}Z",
        photo => defined $got->photo ? unpack('H*', $got->photo) : undef,
    };
}

sub authors {
    my $how = $_[0];
    my %where;
    $where{active} = $how->{active} ? 1 : 0 if exists $how->{active};
    $where{born} = { '<' => $how->{bornBefore} } if exists $how->{bornBefore};
    $where{joined} = { '>' => stored({ joined => $how->{joinedAfter} })->{joined} } if exists $how->{joinedAfter};
    my %page = (order_by => 'id', rows => $how->{limit} // 1000, offset => $how->{offset} // 0);
    return [map { 0 + $_->id } $shelf->resultset('Author')->search(\%where, \%page)];
}

serve_lines(
    addAuthor => sub { 0 + $shelf->resultset('Author')->create(stored($_[0]))->id },
    author => \&author,
    changeAuthor => sub { $shelf->resultset('Author')->find($_[0])->update(stored($_[1])); undef },
    removeAuthor => sub { $shelf->resultset('Author')->search({ id => $_[0] })->delete; undef },
    authors => \&authors,
    addPost => sub { 0 + $shelf->resultset('Post')->create(stored($_[0]))->id },
    big => sub { '' . $shelf->resultset('Post')->find($_[0])->big },
    posts => sub {
        my @found = $shelf->resultset('Post')->search({ author_id => $_[0] }, { order_by => 'me.id', prefetch => 'author' });
        return [map { { title => $_->title, author => $_->author->name } } @found];
    },
    views => sub { 0 + $shelf->resultset('Post')->search({ author_id => $_[0] })->get_column('views')->sum },
    tag => sub {
        my $tag = $shelf->resultset('Tag')->find_or_create({ name => $_[1] });
        $shelf->resultset('PostTag')->find_or_create({ post_id => $_[0], tag_id => $tag->id });
        return undef;
    },
    tagsOf => sub { [map { $_->name } $shelf->resultset('Post')->find($_[0])->tags({}, { order_by => 'name' })] },
    failingTransaction => sub {
        my $author = stored($_[0]);
        eval { $shelf->txn_do(sub { $shelf->resultset('Author')->create($author); die "on purpose\n" }) };
        die $@ if $@ !~ /on purpose/;
        return undef;
    },
    titles => sub { [map { $_->title } $shelf->resultset('Post')->search({ title => { -like => "$_[0]%" } })] },
);
