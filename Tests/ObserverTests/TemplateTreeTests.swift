import OpsService
import Testing

@testable import Observer

@Suite("TemplateTree")
struct TemplateTreeTests {
    @Test("lines that differ in numbers, identifiers and quoted words are one template")
    func groups() {
        var tree = TemplateTree()
        let first = tree.insert("order 4711 charged after 31 ms by 'primary'")
        #expect(tree.insert("order 99 charged after 7 ms by 'fallback'") == first)
        #expect(tree.insert("pool is full") != first)
        #expect(tree.text(first) == "order <*> charged after <*> ms by <*>")
    }

    @Test("a differing word becomes a wildcard only where the rest is alike")
    func merges() {
        var tree = TemplateTree()
        let first = tree.insert("connection to db refused by server")
        #expect(tree.insert("connection to cache refused by server") == first)
        #expect(tree.text(first) == "connection to <*> refused by server")
        #expect(tree.insert("connection was made anew at last") != first)
    }

    @Test("space is bounded: what comes after the limit shares one template")
    func bounded() {
        var tree = TemplateTree(limit: 10)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let words = (0..<6).map { _ in
                String((0..<5).map { _ in "abcdefghij".randomElement(using: &random) ?? "a" })
            }
            _ = tree.insert(words.joined(separator: " "))
        }
        #expect(tree.templates.count <= 10)
        #expect(tree.insert("") >= 0)
    }

    @Test("keys of key=value stay")
    func keys() {
        #expect(
            TokenMask.tokens(of: "retry attempt=3 route=/api/x user=bob") == [
                "retry", "attempt=<*>", "route=<*>", "user=bob",
            ]
        )
    }
}
