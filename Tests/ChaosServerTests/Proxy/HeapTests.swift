import OpsService
import Testing

@testable import ChaosServer

@Suite struct HeapTests {
    @Test func givesItsElementsInOrder() {
        var chance = SeededGenerator(seed: 7)
        for size in [0, 1, 2, 3, 10, 1_000] {
            let numbers = (0..<size).map { _ in Int.random(in: 0..<100, using: &chance) }
            var heap = Heap<Int>()
            for number in numbers { heap.insert(number) }
            var found: [Int] = []
            while let first = heap.first {
                found.append(first)
                heap.removeFirst()
            }
            #expect(found == numbers.sorted())
            heap.removeFirst()
            #expect(heap.first == nil)
        }
    }
}
