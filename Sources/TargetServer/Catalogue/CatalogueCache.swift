import Glibc
import OpsModel
import OpsService
import OpsSystem

/// Answers of the catalogue as files, so that a restarted api begins warm and both instances share the work.
///
/// A damaged entry stays as it is and every reader of it fails: to drop it silently would hide that something writes into
/// our files. Whoever repairs replaces the directory, which may happen at any time; nothing here keeps it open.
struct CatalogueCache: Sendable {
    enum Lookup: Sendable, Equatable {
        case hit([UInt8])
        case miss
        case bad
        case unreadable
    }

    let directory: String
    let lifetime: Int
    /// Asked before a file is opened; nil where nobody counts.
    let descriptors: DescriptorGuard?
    let logger: Logger
    let lookups: Counter
    let changes: Counter

    init(
        directory: String,
        lifetime: Int = 3_600,
        descriptors: DescriptorGuard? = nil,
        logger: Logger,
        metrics: MetricsRegistry
    ) {
        self.directory = directory
        self.lifetime = lifetime
        self.descriptors = descriptors
        self.logger = logger
        lookups = metrics.counter("shop_cache_lookups_total", "Look-ups in the catalogue cache.", labels: ["result"])
        changes = metrics.counter(
            "shop_cache_changes_total",
            "Lists that a change of a product came to.",
            labels: ["result"]
        )
    }

    func look(up key: String, at now: Int = time(nil)) -> Lookup {
        do {
            try descriptors?.admit("open \(path(key))")
            let entry = try CacheEntry(bytes: FileSystem.read(path(key), limit: 1 << 20))
            return counted(entry.expires > now ? .hit(entry.content) : .miss)
        } catch let error as SystemError where error.errno == ENOENT {
            return counted(.miss)
        } catch let damage as CacheEntry.Damage {
            logger.error("cache entry is damaged", ["entry": .string(key), "reason": .string(damage.rawValue)])
            return counted(.bad)
        } catch {
            logger.error("cache entry cannot be read", fields(error, key))
            return counted(.unreadable)
        }
    }

    /// Keeps an answer.
    ///
    /// A cache that cannot be written makes the shop slower and nothing else.
    func store(_ content: [UInt8], for key: String, isImmutable: Bool = false, at now: Int = time(nil)) {
        let temporary = "\(path(key)).\(getpid())"
        do {
            try descriptors?.admit("open \(temporary)")
            let file = try FileDescriptor(opening: temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o664)
            let entry = CacheEntry(content: content, expires: now + lifetime, isImmutable: isImmutable)
            try file.write(entry.bytes, doing: "write \(temporary)")
            guard rename(temporary, path(key)) == 0 else { throw SystemError(errno: errno, doing: "replace \(key)") }
        } catch {
            unlink(temporary)
            logger.warning("cache entry cannot be written", fields(error, key))
        }
    }

    /// Forgets entries whose key begins so: after a change of what they show.
    func forget(prefix: String) {
        guard let names = try? FileSystem.list(directory) else { return }  // no directory, nothing to forget
        for name in names where name.hasPrefix(prefix) { unlink("\(directory)/\(name)") }
    }

    /// Forgets the lists that show the product at this place of the catalogue.
    ///
    /// One that was promised to stay does, and so does one that is damaged or whose content nothing vouches for.
    func forget(productAt place: Int) {
        guard let names = try? FileSystem.list(directory) else { return }  // no directory, nothing to forget
        for name in names where Self.shows(place, name) {
            // Gone by now, or damaged: its readers say so.
            guard let entry = try? CacheEntry(bytes: FileSystem.read("\(directory)/\(name)", limit: 1 << 20)),
                entry.isSealed
            else { continue }
            if !entry.isImmutable { unlink("\(directory)/\(name)") }
            changes.add(1, [entry.isImmutable ? "kept" : "forgotten"])
        }
    }

    /// Whether an entry's name, `products-SIZE-PAGE.entry`, is that of the page with this place.
    private static func shows(_ place: Int, _ name: String) -> Bool {
        let parts = name.split(separator: ".")
        guard parts.count == 2, parts[1] == "entry" else { return false }
        let words = parts[0].split(separator: "-")
        guard words.count == 3, words[0] == "products", let size = Int(words[1]), let page = Int(words[2]), size > 0
        else { return false }
        return page == (place - 1) / size + 1
    }

    /// Whether entries can be written, for `/ready`.
    var isWritable: Bool { access(directory, W_OK | X_OK) == 0 }

    private func path(_ key: String) -> String { "\(directory)/\(key).entry" }

    private func fields(_ error: any Error, _ key: String) -> [String: JSONValue] {
        var fields: [String: JSONValue] = ["entry": .string(key), "error": .string("\(error)")]
        if let number = (error as? SystemError)?.errno { fields["errno"] = .int(Int(number)) }
        return fields
    }

    private func counted(_ lookup: Lookup) -> Lookup {
        switch lookup {
        case .hit: lookups.add(1, ["hit"])
        case .miss: lookups.add(1, ["miss"])
        case .bad: lookups.add(1, ["bad"])
        case .unreadable: lookups.add(1, ["unreadable"])
        }
        return lookup
    }
}
