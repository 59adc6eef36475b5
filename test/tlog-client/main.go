// Reads a published log with the libraries of Go's checksum database, which know nothing of Gatehouse: the note with its signature,
// every tile against the signed root, a proof of every entry, and the growth from a smaller tree.
//
//	tlog-client URL VKEY
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if err := check(os.Args[1], os.Args[2]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func check(url, vkey string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	text, err := get(url + "/checkpoint")
	if err != nil {
		return err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	tree, err := parse(opened.Text, verifier.Name())
	if err != nil {
		return err
	}
	// A reader of tiles that believes nothing but the root: each hash it gives was authenticated against that.
	hashes := tlog.TileHashReader(tree, &reader{url})
	for first := int64(0); first < tree.N; first += 1 << height {
		if err := entries(url, tree, hashes, first); err != nil {
			return err
		}
	}
	for _, old := range []int64{1, tree.N / 3, tree.N - 1} {
		if err := growth(tree, hashes, old); err != nil {
			return fmt.Errorf("growth from %d: %w", old, err)
		}
	}
	fmt.Printf("%s: %d entries\n", verifier.Name(), tree.N)
	return nil
}

func parse(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 3 || lines[0] != origin {
		return tlog.Tree{}, fmt.Errorf("no checkpoint of %s: %q", origin, text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func entries(url string, tree tlog.Tree, hashes tlog.HashReader, first int64) error {
	width := min(int64(1<<height), tree.N-first)
	bundle, err := get(url + "/" + tilesPath(tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)}))
	if err != nil {
		return err
	}
	for at := int64(0); at < width; at++ {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("the bundle ends before entry %d", first+at)
		}
		length := int(binary.BigEndian.Uint16(bundle))
		proof, err := tlog.ProveRecord(tree.N, first+at, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, first+at, tlog.RecordHash(bundle[2:2+length])); err != nil {
			return fmt.Errorf("entry %d: %w", first+at, err)
		}
		bundle = bundle[2+length:]
	}
	if len(bundle) > 0 {
		return fmt.Errorf("%d bytes follow the last entry", len(bundle))
	}
	return nil
}

func growth(tree tlog.Tree, hashes tlog.HashReader, size int64) error {
	if size < 1 {
		return nil
	}
	old, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, size, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, old); err != nil {
		return err
	}
	other := sha256.Sum256(old[:])
	if tlog.CheckTree(proof, tree.N, tree.Hash, size, other) == nil {
		return fmt.Errorf("another root than %s passes too", base64.StdEncoding.EncodeToString(old[:]))
	}
	return nil
}

// The checksum database names the height of its tiles in the path, and calls bundles of entries "data".
func tilesPath(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

type reader struct{ url string }

func (r *reader) Height() int                     { return height }
func (r *reader) SaveTiles([]tlog.Tile, [][]byte) {}
func (r *reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(tiles))
	for at, tile := range tiles {
		bytes, err := cached(r.url + "/" + tilesPath(tile))
		if err != nil {
			return nil, err
		}
		read[at] = bytes
	}
	return read, nil
}

var kept = map[string][]byte{}

func cached(url string) ([]byte, error) {
	if bytes, there := kept[url]; there {
		return bytes, nil
	}
	bytes, err := get(url)
	if err == nil {
		kept[url] = bytes
	}
	return bytes, err
}

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.ReadAll(answer.Body)
}
