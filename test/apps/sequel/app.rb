require "sequel"
require_relative "serve_lines"

DB = if postgres?
       Sequel.connect(ENV.fetch("DATABASE_URL"))
     else
       Sequel.connect(adapter: "sqlite", database: ENV.fetch("APP_SQLITE"), timeout: 5000)
     end
DB.current_timestamp_utc = true unless postgres?
Sequel.extension :migration
Sequel.default_timezone = :utc

SHELF = Sequel.migration do
  change do
    create_table :authors do
      primary_key :id
      String :name, null: false
      String :email, null: false, unique: true
      TrueClass :active, null: false, default: true
      Float :rating
      BigDecimal :balance, size: [12, 2], null: false, default: 0
      Date :born
      DateTime :joined, null: false, default: Sequel::CURRENT_TIMESTAMP
      String :settings, text: true
      File :photo
      String :token
    end
    create_table :posts do
      primary_key :id
      foreign_key :author_id, :authors, null: false, on_delete: :cascade, index: true
      String :title, null: false
      String :status, null: false
      Integer :views, null: false, default: 0
      Bignum :big
      constraint(:status_is_known, status: %w[draft published])
    end
    create_table :tags do
      primary_key :id
      String :name, null: false, unique: true
    end
    create_join_table(post_id: { table: :posts, on_delete: :cascade }, tag_id: :tags)
  end
end

if %w[schema migrate].include?(ARGV[0])
  SHELF.apply(DB, :up)
  exit
end

class Author < Sequel::Model
  plugin :serialization, :json, :settings
  one_to_many :posts
end

class Tag < Sequel::Model
end

class Post < Sequel::Model
  many_to_one :author
  many_to_many :tags, join_table: :posts_tags
end

def stored(values)
  read = row(values)
  read[:photo] = Sequel.blob(read[:photo]) if read.key?(:photo)
  read
end

def author(id)
  got = Author.with_pk!(id)
  { id: got.id, name: got.name, email: got.email, active: got.active, rating: got.rating,
    balance: got.balance.to_s("F"), born: got.born&.iso8601, joined: iso(got.joined), settings: got.settings,
    photo: got.photo&.unpack1("H*"), token: got.token }
end

def authors(how)
  found = Author.order(:id)
  found = found.where(active: how["active"]) if how.key?("active")
  found = found.where { born < Date.iso8601(how["bornBefore"]) } if how.key?("bornBefore")
  found = found.where { joined > Time.iso8601(how["joinedAfter"]) } if how.key?("joinedAfter")
  found.limit(how["limit"] || 1000, how["offset"] || 0).select_map(:id)
end

def failing_transaction(values)
  DB.transaction do
    Author.create(stored(values))
    raise Sequel::Rollback
  end
  nil
end

serve_lines(
  addAuthor: ->(values) { Author.create(stored(values)).id },
  author: ->(id) { author(id) },
  changeAuthor: ->(id, values) { Author.with_pk!(id).update(stored(values)) && nil },
  removeAuthor: ->(id) { Author.with_pk!(id).delete && nil },
  authors: ->(how) { authors(how) },
  addPost: lambda { |values|
    Post.create(values.to_h { |name, value| [name == "authorId" ? :author_id : name.to_sym, value] }).id
  },
  big: ->(id) { Post.with_pk!(id).big.to_s },
  posts: lambda { |id|
    Post.eager(:author).where(author_id: id).order(:id).map { |one| { title: one.title, author: one.author.name } }
  },
  views: ->(id) { Post.where(author_id: id).sum(:views) },
  tag: ->(post_id, name) { Post.with_pk!(post_id).add_tag(Tag.find_or_create(name: name)) && nil },
  tagsOf: ->(id) { Post.with_pk!(id).tags_dataset.order(:name).select_map(:name) },
  failingTransaction: ->(values) { failing_transaction(values) },
  titles: ->(prefix) { Post.where(Sequel.like(:title, "#{prefix}%")).select_map(:title) }
)
