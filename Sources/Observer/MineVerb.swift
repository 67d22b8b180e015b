internal import OpsModel
internal import OpsService

/// `Observer mine`: the template miner over log files, for a person at the shell.
enum MineVerb {
    /// One template with how often it occurred.
    private struct Count: Codable {
        var count: Int
        var level: String
        var code: String
        var template: String
    }

    static let usage = """
        Usage: Observer mine FILE… [--json]     shapes of the notable lines of JSON logs, most frequent first

        Exit codes: 0 read, 2 usage, 69 a file cannot be read.

        """

    static func run(_ arguments: [String]) -> Int32 {
        let files = arguments.filter { $0 != "--json" }
        guard !files.isEmpty, !files.contains("--help") else {
            print(usage, terminator: "")
            return files.isEmpty ? 2 : 0
        }
        var tree = TemplateTree()
        var counts: [[String]: Int] = [:]
        for file in files {
            guard read(file, into: &tree, &counts) else {
                Logger.standardError(Array("\(file): cannot be read\n".utf8))
                return 69
            }
        }
        show(counts, tree, asJSON: arguments.contains("--json"))
        return 0
    }

    /// Reads a file piece by piece, so that a large one needs no more memory than a small one.
    private static func read(_ file: String, into tree: inout TemplateTree, _ counts: inout [[String]: Int]) -> Bool {
        guard var pieces = FilePieces(path: file) else { return false }
        while let lines = pieces.next() {
            for line in lines {
                let record = LogRecord(line: line)
                guard record.isNotable else { continue }
                let codes = record.codes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                counts[[record.level, codes.joined(separator: " "), "\(tree.insert(record.message))"], default: 0] += 1
            }
        }
        return true
    }

    private static func show(_ counts: [[String]: Int], _ tree: TemplateTree, asJSON: Bool) {
        let found = counts.map { key, count in
            Count(count: count, level: key[0], code: key[1], template: tree.text(Int(key[2]) ?? 0))
        }.sorted { ($1.count, $0.template, $0.code) < ($0.count, $1.template, $1.code) }
        // Encoding a list of texts and numbers cannot fail; an empty answer would only mean that it did.
        if asJSON { return print((try? OpsJSON.string(found)) ?? "[]") }
        for one in found {
            print("\(one.count)\t\(one.level)\t\(one.template)\(one.code.isEmpty ? "" : "\t\(one.code)")")
        }
    }
}
