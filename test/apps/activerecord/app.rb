ENV.delete("DATABASE_URL") if ENV["DATABASE_URL"] == ""
require "active_record"
require_relative "serve_lines"

if postgres?
  ActiveRecord::Base.establish_connection(ENV.fetch("DATABASE_URL"))
else
  ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ENV.fetch("APP_SQLITE"), timeout: 5000)
end

class CreateShelf < ActiveRecord::Migration[6.1]
  def change
    create_table :authors do |table|
      table.string :name, null: false
      table.string :email, null: false, index: { unique: true }
      table.boolean :active, null: false, default: true
      table.float :rating
      table.decimal :balance, precision: 12, scale: 2, null: false, default: 0
      table.date :born
      table.datetime :joined, null: false, precision: 6
      table.json :settings
      table.binary :photo
      table.string :token, limit: 36
    end
    create_table :posts do |table|
      table.references :author, null: false, foreign_key: { on_delete: :cascade }
      table.string :title, null: false
      table.string :status, null: false
      table.integer :views, null: false, default: 0
      table.bigint :big
    end
    create_table :tags do |table|
      table.string :name, null: false, index: { unique: true }
    end
    create_table :post_tags, primary_key: %i[post_id tag_id] do |table|
      table.references :post, null: false, foreign_key: { on_delete: :cascade }
      table.references :tag, null: false, foreign_key: true
    end
  end
end

if %w[schema migrate].include?(ARGV[0])
  ActiveRecord::SchemaMigration.create_table
  ActiveRecord::InternalMetadata.create_table
  unless ActiveRecord::SchemaMigration.where(version: "20240101000001").exists?
    CreateShelf.migrate(:up)
    ActiveRecord::SchemaMigration.create!(version: "20240101000001")
  end
  exit
end

class Author < ActiveRecord::Base
  has_many :posts
  before_create { self.joined ||= Time.now.utc }
end

class Tag < ActiveRecord::Base
end

class PostTag < ActiveRecord::Base
  belongs_to :tag
end

class Post < ActiveRecord::Base
  belongs_to :author, optional: true
  has_many :post_tags
  has_many :tags, through: :post_tags
end

def author(id)
  got = Author.find(id)
  values = got.attributes.slice("id", "name", "email", "active", "rating", "settings", "token")
  values.merge(balance: got.balance.to_s("F"), born: got.born&.iso8601, joined: iso(got.joined),
               photo: got.photo&.unpack1("H*"))
end

def authors(how)
  found = Author.order(:id)
  found = found.where(active: how["active"]) if how.key?("active")
  found = found.where("born < ?", how["bornBefore"]) if how.key?("bornBefore")
  found = found.where("joined > ?", Time.iso8601(how["joinedAfter"])) if how.key?("joinedAfter")
  found.limit(how["limit"] || 1000).offset(how["offset"] || 0).pluck(:id)
end

def failing_transaction(values)
  Author.transaction do
    Author.create!(row(values))
    raise ActiveRecord::Rollback
  end
  nil
end

serve_lines(
  addAuthor: ->(values) { Author.create!(row(values)).id },
  author: ->(id) { author(id) },
  changeAuthor: ->(id, values) { Author.find(id).update!(row(values)) },
  removeAuthor: ->(id) { Author.find(id).destroy! && nil },
  authors: ->(how) { authors(how) },
  addPost: ->(values) { Post.create!(values.transform_keys { |name| name == "authorId" ? "author_id" : name }).id },
  big: ->(id) { Post.find(id).big.to_s },
  posts: lambda { |id|
    Post.includes(:author).where(author_id: id).order(:id).map { |one| { title: one.title, author: one.author.name } }
  },
  views: ->(id) { Post.where(author_id: id).sum(:views) },
  tag: lambda { |post_id, name|
    PostTag.find_or_create_by!(post_id: post_id, tag_id: Tag.find_or_create_by!(name: name).id) && nil
  },
  tagsOf: ->(id) { Post.find(id).tags.order(:name).pluck(:name) },
  failingTransaction: ->(values) { failing_transaction(values) },
  titles: ->(prefix) { Post.where("title like ?", "#{prefix}%").pluck(:title) }
)
